"""`python -m casereviews`."""

from casereviews.cli import main

raise SystemExit(main())
