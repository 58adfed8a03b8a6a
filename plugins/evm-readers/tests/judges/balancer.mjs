// [{pool, swap: [way, raw]}, ...] → what @balancer-labs/balancer-maths says of each pool of two tokens:
// what its curve gives for a swap, in 18 digits and to the trader, its invariant and its range.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const { GyroECLP, ReClammV2, Rounding, SwapKind, Vault } = require("@balancer-labs/balancer-maths");
const NUMBERS = /^-?[0-9]+$/;
const whole = (_, value) => (NUMBERS.test(value) ? BigInt(value) : value);
let scaled;
for (const { prototype } of [GyroECLP, ReClammV2]) {
  const own = prototype.onSwap;
  prototype.onSwap = function (asked) { return (scaled = own.call(this, asked)); };
}
const answer = JSON.parse(readFileSync(0, "utf8"), whole).map(({ pool: its, swap }) => {
  const tokens = ["0xA", "0xB"];
  const state = { poolAddress: "0xP", tokens, aggregateSwapFee: 0n, totalSupply: 0n,
    supportsUnbalancedLiquidity: false, ...its };
  const vault = new Vault();
  const pool = vault.getPool(state);
  const live = [...state.balancesLiveScaled18];
  const invariant = pool.computeInvariant(live, Rounding.ROUND_DOWN);
  const now = pool._computeCurrentVirtualBalances?.(live);
  const paid = swap && vault.swap({ amountRaw: swap[1], tokenIn: tokens[swap[0]],
    tokenOut: tokens[1n - swap[0]], swapKind: SwapKind.GivenIn }, state);
  return { scaled, paid, invariant, virtual: now && [now.currentVirtualBalanceA,
    now.currentVirtualBalanceB, now.changed] };
});
process.stdout.write(JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
