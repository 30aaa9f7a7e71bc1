"""What is promised, by area; the names of the tests say it."""
