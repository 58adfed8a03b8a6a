"""The interface of pool models, and the bases that a plugin's curve derives from."""
