"""What is demanded of data: the only package that knows Great Expectations."""
