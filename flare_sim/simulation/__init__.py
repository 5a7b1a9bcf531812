"""A simulated system as time moves it, as it is kept in files, and as sessions see it."""
