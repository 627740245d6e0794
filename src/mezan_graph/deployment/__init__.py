"""A built site where it is read: looked at on this machine, and checked where it is deployed."""
