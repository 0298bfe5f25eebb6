"""`python -m cockpit` is the same as `cockpit`."""

from cockpit.cli import main

if __name__ == "__main__":
    main()
