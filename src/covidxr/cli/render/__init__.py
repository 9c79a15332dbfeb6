"""Reports, tables and pages as text. Everything here returns strings and prints nothing."""
