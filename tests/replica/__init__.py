"""What goes wrong at the replica of the sites; the replica itself is `covidxr.replica`."""
