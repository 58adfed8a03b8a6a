#!/usr/bin/env bash
# A swap carried out by a pool's own package leaves what was bought in the bins that sold it.
#
# Package   @pancakeswap/infinity-sdk 1.0.11 with @pancakeswap/sdk 5.9.2 (npm), offline.
# Expected  swap() gives the pool after the swap, as the contract has it: of each bin that the swap
#           came through, what was paid in is added, and what was paid out is taken off.
# Seen      What is paid out stays: the pool holds both sides of all that was sold. The line
#           subtracts the wrong side of the pair, which is always 0. The amount that it says was
#           paid is right, and getSwapOut(), which changes nothing, says the same.
# A hedger  A second swap is quoted against liquidity that is gone; a ladder that was led along a
#           path of prices by it holds twice its value, of both tokens at once.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
npm install --prefix "$home" --silent --no-audit --no-fund --ignore-scripts \
  @pancakeswap/infinity-sdk@1.0.11 @pancakeswap/sdk@5.9.2 || exit 2
cd "$home"
node - 2>/dev/null <<'JS'
const assert = require("assert");
const { createBinPool, getSwapOut, swap } = require("@pancakeswap/infinity-sdk");
const { ERC20Token } = require("@pancakeswap/sdk");

const [one, other] = ["1", "2"].map((digit) => new ERC20Token(56, "0x" + digit.repeat(40), 18, digit));
const ONE = 8388608, WHOLE = 10n ** 18n;
const ladder = () => createBinPool({
  currencyA: one, currencyB: other, activeId: ONE, binStep: 10, lpFee: 0,
  reserveOfBin: Object.fromEntries([0, -1, -2].map((n) =>
    [ONE + n, { reserveX: 0n, reserveY: 1000n * WHOLE }])),
});
const total = (pool, side) => Object.values(pool.reserveOfBin).reduce((sum, bin) => sum + bin[side], 0n);

const sold = 2500n * WHOLE;
const { binPool: after, result: [paid, got] } = swap(ladder(), sold, true);
const quoted = getSwapOut(ladder(), sold, true).amountOut;
console.log("X paid in:", paid / WHOLE, " Y paid out:", -got / WHOLE, " quoted:", quoted / WHOLE);
console.log("Y before:", total(ladder(), "reserveY") / WHOLE, " Y after:", total(after, "reserveY") / WHOLE,
  " X after:", total(after, "reserveX") / WHOLE);
assert.equal(-got, quoted);
assert(quoted > 2490n * WHOLE);
assert.equal(total(after, "reserveX"), sold);
assert.equal(total(after, "reserveY"), total(ladder(), "reserveY")); // none of it is taken off

const again = -swap(after, 800n * WHOLE, true).result[1];
const there = total(ladder(), "reserveY") - quoted;
console.log("Y that a second swap is quoted:", again / WHOLE, " Y that is there:", there / WHOLE);
assert(again > there);
JS
