"""Histories of prices and rates from files, their faults named by line."""
