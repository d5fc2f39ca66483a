"""What source code says, read from syntax trees: ports, routes, environment, applications. One file a language."""
