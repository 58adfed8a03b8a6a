#!/usr/bin/env bash
# The implied volatility of an option at the money is 0, and so is that of one above 200 %.
#
# Package   @uqee/black-scholes 1.0.7 (npm), offline, as it comes and by its two other settings.
# Expected  sigma() of the price that option() gave for a volatility is that volatility, or an error
#           says that none was found (its README: `sigma`, 0.8000000022822183 for 0.8).
# Seen      Of 70 %, with the strike at the price and no rate: 0, for calls and puts; half a dollar
#           beside the price 0.7. It asks whether there is any time value by an option of volatility
#           0, whose d1 at the money is 0 / 0. And it looks up to 200 %; what is not found there is 0
#           too: 250 % and 400 %. "newton-raphson" finds those, "double" the first; neither finds all.
# A hedger  At a volatility of 0 the delta is 0 or 1, and vega and gamma are 0: the strike at the
#           money, which has the most of both, is not in the book. And where a coin is quoted above
#           200 %, its short gamma reads as none on the day when that costs most.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
npm install --prefix "$home" --silent --no-audit --no-fund --ignore-scripts \
  @uqee/black-scholes@1.0.7 || exit 2
cd "$home"
node - <<'JS'
const assert = require("assert");
const { BlackScholes } = require("@uqee/black-scholes");

const WEEK = 7 / 365;
function implied(settings, sigma, strike, underlying, type) {
  const model = new BlackScholes(settings);
  const terms = { rate: 0, strike, time: WEEK, type, underlying };
  return model.sigma({ ...terms, price: model.option({ ...terms, sigma }).price });
}

const CASES = [
  // sigma, strike, underlying, type; found as it comes, by Newton and Raphson, in double precision
  [0.7, 2000, 2000, "call", false, false, true],
  [0.7, 2000, 2000, "put", false, false, true],
  [0.7, 2000, 2000.5, "call", true, true, true],
  [1.9, 2100, 2000, "call", true, true, true],
  [2.5, 2100, 2000, "call", false, true, false],
  [4.0, 2100, 2000, "call", false, true, false],
];
const SETTINGS = {
  "as it comes": {},
  "newton-raphson": { priceToSigmaMethod: "newton-raphson" },
  double: { sigmaToPricePrecision: "double" },
};
for (const [sigma, strike, underlying, type, ...found] of CASES) {
  const told = Object.values(SETTINGS).map((each) => implied(each, sigma, strike, underlying, type));
  console.log(`${type} of ${sigma}, strike ${strike} at ${underlying}:`,
    Object.keys(SETTINGS).map((name, i) => `${name} ${told[i]}`).join(", "));
  told.forEach((value, i) => {
    if (found[i]) assert(Math.abs(value - sigma) < 1e-3);
    else assert.equal(Math.abs(value), 0);
  });
}
JS
