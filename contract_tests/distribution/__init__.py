"""Who does work that is handed out: processes of this machine, or the workers of a Dask scheduler."""
