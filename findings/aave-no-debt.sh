#!/usr/bin/env bash
# Aave's maths package gives an account without debt a health factor of -1, the worst there is.
#
# Package   @aave/math-utils 1.38.0 (npm), offline.
# Expected  The less is owed, the larger the factor; of no debt it is infinite, or there is none.
# Seen      Collateral 1000 at a threshold of 80 %: a debt of 500 has 1.6, of 1 has 800, of a
#           millionth 800 000 000, and of 0 has -1. So has an empty account.
# A hedger  `if (healthFactor < 1.2) reduce()` fires for whoever has just repaid everything: a short
#           by a loan that was closed is "in liquidation", and the loop sells what is left.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
npm install --prefix "$home" --silent --no-audit --no-fund --ignore-scripts \
  @aave/math-utils@1.38.0 || exit 2
cd "$home"
node - <<'JS'
const assert = require("assert");
const { calculateHealthFactorFromBalances } = require("@aave/math-utils");

const health = (collateral, debt) =>
  calculateHealthFactorFromBalances({
    collateralBalanceMarketReferenceCurrency: collateral,
    borrowBalanceMarketReferenceCurrency: debt,
    currentLiquidationThreshold: "8000", // parts of 10 000
  }).toNumber();

const SEEN = [
  ["1000", "500", 1.6],
  ["1000", "1", 800],
  ["1000", "0.000001", 800000000],
  ["1000", "0", -1],
  ["0", "0", -1],
];
for (const [collateral, debt, factor] of SEEN) {
  const told = health(collateral, debt);
  console.log(`collateral ${collateral}, debt ${debt}: ${told}`);
  assert.equal(told, factor);
}
JS
