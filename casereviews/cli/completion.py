"""Completion for bash, zsh and fish: commands, flags, and the sources, themes, reviews and fields there are."""

import argparse
import sys

USAGE = "SHELL"
EXAMPLES = """
casereviews completion bash > ~/.local/share/bash-completion/completions/casereviews
casereviews completion zsh > ~/.zfunc/_casereviews
casereviews completion fish > ~/.config/fish/completions/casereviews.fish
"""
SHELLS = ("bash", "zsh", "fish")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")


def run(options: argparse.Namespace) -> int:
    """Print what the shell is to read; it asks the program itself for the words."""
    from argcomplete.shell_integration import shellcode

    code = shellcode(["casereviews"], shell="bash" if options.shell == "zsh" else options.shell)
    sys.stdout.write(code.strip() + "\n")
    return 0
