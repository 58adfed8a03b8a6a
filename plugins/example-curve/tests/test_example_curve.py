"""The laws that every pool model obeys, each a test: give it the models that differ."""

from hedgecore.testing import parametrize_with_checks

from hedgecore_example_curve import ExampleCurve


@parametrize_with_checks([ExampleCurve(**ExampleCurve.example)])
def test_law(model, check):
    check(model)
