"""`python -m hedgecore.cli`, where the script is not on the path."""

from hedgecore.cli import main

main()
