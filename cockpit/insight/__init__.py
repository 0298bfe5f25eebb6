"""Findings from values and arrays, each with its numbers. Pure: nothing here reads a file or asks for the time."""
