"""The commands of the command line, a module each; imported only by the one that is asked for."""
