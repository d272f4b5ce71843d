"""Commands of the command line `aftersales`, one module per topic."""
