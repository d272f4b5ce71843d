"""Published versions: what lies in the folder, whether it is whole, which one is served, and how two differ."""
