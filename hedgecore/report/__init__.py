"""Tables, sentences, JSON and charts of what `hedgecore.analysis` and the solvers computed."""
