#!/usr/bin/env bash
# univ3prices gives tick -t the price of tick t, and a range named from above nothing to hold.
#
# Package   @thanpolas/univ3prices 3.0.2 with @uniswap/v3-sdk 3.31.5 and @uniswap/sdk-core 7.19.4
#           (npm), offline.
# Expected  The price of tick t is 1.0001^t, below 1 where t is below 0 (Uniswap's whitepaper, 6.1);
#           a range is the same whichever bound comes first, as in the protocol's LiquidityAmounts,
#           which puts them in order first, as this function sets out to.
# Seen      tickPrice() takes the absolute value: tick -1000 is 1.10517, not 0.90484, and tick -200000
#           is 4.8e8 where 2.1e-9 is right; by getSqrtRatioAtTick() and the square root's price of the
#           same package it is 0.90484. getAmountsForLiquidityRange(price, upper, lower, L) puts the
#           bounds in order by overwriting one with the other: 0 and 0, inside, below and above.
# A hedger  Whether a pool's tick is below 0 is no more than the order of two addresses, and decimals:
#           there the price comes upside down. A position whose bounds were given as upper and lower,
#           as an inverted price gives them, has neither token, so that nothing is hedged.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
npm install --prefix "$home" --silent --no-audit --no-fund --ignore-scripts \
  @thanpolas/univ3prices@3.0.2 @uniswap/v3-sdk@3.31.5 @uniswap/sdk-core@7.19.4 || exit 2
cd "$home"
node - <<'JS'
const assert = require("assert");
const univ3 = require("@thanpolas/univ3prices");
const { Pool, Position } = require("@uniswap/v3-sdk");
const { Token } = require("@uniswap/sdk-core");

const root = (tick) => univ3.tickMath.getSqrtRatioAtTick(tick).toString();
const near = (a, b) => Math.abs(a / b - 1) < 1e-4;

for (const tick of [1000, -1000, -200000]) {
  const told = Number(univ3.tickPrice(["18", "18"], String(tick)).toAuto({ decimalPlaces: 12 }));
  const exact = 1.0001 ** tick, bySquareRoot = (Number(root(tick)) / 2 ** 96) ** 2;
  console.log(`tick ${tick}: tickPrice ${told}, 1.0001^t ${exact}, by its root ${bySquareRoot}`);
  assert(near(told, 1.0001 ** Math.abs(tick)));
  assert(near(bySquareRoot, exact));
}

const L = 10n ** 21n + "", [lower, upper] = [-6000, 6000];
const [A, B] = ["1", "2"].map((digit) => new Token(1, "0x" + digit.repeat(40), 18, digit));
for (const tick of [0, -9000, 9000]) {
  const amounts = (a, b) =>
    univ3.getAmountsForLiquidityRange(root(tick), root(a), root(b), L).map(Number);
  const pool = new Pool(A, B, 3000, root(tick), "0", tick);
  const position = new Position({ pool, liquidity: L, tickLower: lower, tickUpper: upper });
  const exact = [position.amount0, position.amount1].map((each) => Number(each.quotient.toString()));
  const [upwards, downwards] = [amounts(lower, upper), amounts(upper, lower)];
  console.log(`at tick ${tick}: ${upwards}; upper first: ${downwards}`);
  assert.deepEqual(upwards, exact);
  assert.deepEqual(downwards, [0, 0]);
}
JS
