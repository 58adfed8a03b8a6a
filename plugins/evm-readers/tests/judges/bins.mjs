// {active, step, fee, protocol, bins: [[id, x, y], ...], swaps: [[forY, raw], ...]} → by the functions of
// @pancakeswap/infinity-sdk, after each swap: the active bin, the bins, and what the swap gave.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const sdk = require("@pancakeswap/infinity-sdk");
const { ERC20Token } = require("@pancakeswap/sdk");

const asked = JSON.parse(readFileSync(0, "utf8"));
const [currencyA, currencyB] = [1n, 2n].map((n) =>
  new ERC20Token(56, `0x${n.toString(16).padStart(40, "0")}`, 18, `T${n}`));
let bins = Object.fromEntries(asked.bins.map(([id, x, y]) =>
  [id, { reserveX: BigInt(x), reserveY: BigInt(y) }]));
let active = asked.active;
const said = asked.swaps.map(([forY, raw]) => {
  const copy = () => Object.fromEntries(Object.entries(bins).map(([id, its]) => [id, { ...its }]));
  const pool = () => sdk.createBinPool({ currencyA, currencyB, activeId: active, binStep: asked.step,
    lpFee: asked.fee, protocolFees: asked.protocol, reserveOfBin: copy() });
  const out = forY ? "reserveY" : "reserveX";
  const moved = sdk.swap(pool(), BigInt(raw), forY);
  const after = moved.binPool.reserveOfBin;
  // `swap` leaves what it gave in the bins that it came through: what they gave is of `getAmounts`
  let [left, gave, at] = [BigInt(raw), 0n, pool()];
  for (let id = BigInt(active); left > 0n; id = sdk.getNextNonEmptyBin(at, id, forY)) {
    const { amountsInWithFee, amountsOutOfBin } = sdk.getAmounts({ ...at, activeId: id }, forY, left);
    const given = amountsOutOfBin[forY ? 1 : 0];
    after[Number(id)][out] = bins[Number(id)][out] - given;
    left -= amountsInWithFee[forY ? 0 : 1];
    gave += given;
  }
  const quoted = sdk.getSwapOut(pool(), BigInt(raw), forY).amountOut;
  bins = after;
  active = Number(moved.binPool.activeId);
  return { active, gave, quoted, bins: Object.entries(bins).map(([id, its]) =>
    [Number(id), its.reserveX, its.reserveY]) };
});
process.stdout.write(JSON.stringify(said, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
