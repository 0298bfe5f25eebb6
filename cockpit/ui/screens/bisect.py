"""How the history is searched by halves: told, not driven. The commits named are those that stood here."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.history.deploys import HeadMove


def told(moves: Sequence[HeadMove]) -> list[str]:
    """The steps by hand; moves: of HEAD in this checkout, oldest first."""
    bad = moves[-1].short if moves else "BAD"
    good = moves[-2].short if len(moves) > 1 else "GOOD"
    guess = "BAD is the commit where it fails, GOOD an earlier one where it worked (Commits, 2, shows them)."
    if moves:
        guess = f"A guess: {bad} is what stands here now, {good} what stood here before. Put in those you know."
    return [
        "If it worked before, halving the history finds the commit that broke it: 1000 commits take 10 tests.",
        "The cockpit does not drive git bisect. By hand, in a checkout of its own, never in the service's:",
        "",
        f"  git worktree add --detach ../bisect {bad}",
        "  cd ../bisect",
        f"  git bisect start {bad} {good}",
        "  git bisect run ./test.sh      # a test that ends with 0 where it works, 1 where it fails, 125 to skip",
        "  git bisect reset",
        "",
        guess,
        "",
        "Keep what it prints as evidence:  cockpit run -- git bisect run ./test.sh",
    ]
