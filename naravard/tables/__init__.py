"""Any result as a table, and tables as files."""
