#!/usr/bin/env bash
# Uniswap's SDK takes the flag of a dynamic fee for the fee: 839 % of what is paid in.
#
# Package   @uniswap/v4-sdk 2.4.0, @uniswap/sdk-core 7.19.4, @uniswap/v3-sdk 3.31.5 (npm), offline.
# Expected  0x800000 in a pool's key says that its hook sets the fee, and is no fee itself (the
#           protocol's LPFeeLibrary, whose largest is a million). A quote takes the fee that is set, or
#           is refused, as one through a hook that acts on swaps is ("Unsupported hook").
# Seen      A hook that sets the fee after initialize, as OpenZeppelin's BaseDynamicFee, is quoted, at
#           a fee of 8 388 608 millionths. At a price of 1, 1000 A buy 7443 B, and the price of A rises
#           as A is sold; 1000 B cost minus 135 A. Nothing is raised.
# A hedger  A route, a depth or a value at exit from getOutputAmount() is seven times too good, and an
#           optimizer sends all of the hedge there. No field of the SDK's Pool takes the fee of slot0
#           for such a key.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
npm install --prefix "$home" --silent --no-audit --no-fund --ignore-scripts \
  @uniswap/v4-sdk@2.4.0 @uniswap/sdk-core@7.19.4 @uniswap/v3-sdk@3.31.5 || exit 2
cd "$home"
node - <<'JS'
const assert = require("assert");
const { DYNAMIC_FEE_FLAG, Hook, Pool } = require("@uniswap/v4-sdk");
const { CurrencyAmount, Token } = require("@uniswap/sdk-core");
const { encodeSqrtRatioX96 } = require("@uniswap/v3-sdk");

const hook = (bits) => "0x" + bits.toString(16).padStart(40, "0"); // permissions are the last 14 bits
const AFTER_INITIALIZE = hook(1 << 12), BEFORE_SWAP = hook(1 << 7);
const [A, B] = ["1", "2"].map((digit) => new Token(1, "0x" + digit.repeat(40), 18, digit));
const L = 10n ** 24n + "", THOUSAND = 10n ** 21n + "";
const TICKS = [[-887220, L], [887220, "-" + L]].map(([index, liquidityNet]) =>
  ({ index, liquidityNet, liquidityGross: L }));

const pool = (fee, hooks) =>
  new Pool(A, B, fee, 60, hooks, encodeSqrtRatioX96(1, 1), L, 0, TICKS);

async function quotes(name, fee) {
  const here = pool(fee, AFTER_INITIALIZE);
  const [bought, after] = await here.getOutputAmount(CurrencyAmount.fromRawAmount(A, THOUSAND));
  const [paid] = await here.getInputAmount(CurrencyAmount.fromRawAmount(B, THOUSAND));
  const [out, cost] = [bought, paid].map((amount) => Number(amount.toExact()));
  console.log(`${name}: 1000 A buy ${out.toFixed(2)} B, to tick ${after.tickCurrent};`,
    `1000 B cost ${cost.toFixed(2)} A`);
  return { out, cost, tick: after.tickCurrent };
}

(async () => {
  assert(!Hook.hasSwapPermissions(AFTER_INITIALIZE) && Hook.hasSwapPermissions(BEFORE_SWAP));
  const fixed = await quotes("a fee of 0.3 %", 3000);
  assert(fixed.out < 1000 && fixed.cost > 1000 && fixed.tick < 0);
  const dynamic = await quotes("a dynamic fee", DYNAMIC_FEE_FLAG);
  assert(dynamic.out > 7400 && dynamic.out < 7500 && dynamic.tick > 0);
  assert(dynamic.cost < -135 && dynamic.cost > -136);
  await assert.rejects(
    pool(DYNAMIC_FEE_FLAG, BEFORE_SWAP).getOutputAmount(CurrencyAmount.fromRawAmount(A, THOUSAND)),
    /Unsupported hook/);
})();
JS
