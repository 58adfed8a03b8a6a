// [{active, ids, reserves, supplies, liquidity, step}, ...] → what @traderjoe-xyz/sdk-v2 pays of each
// position, in raw units, and its price of each bin.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const { Bin, PairV2 } = require("@traderjoe-xyz/sdk-v2");

const answer = JSON.parse(readFileSync(0, "utf8")).map((each) => {
  const bins = each.reserves.map(([x, y]) => ({ reserveX: BigInt(x), reserveY: BigInt(y) }));
  const supplies = each.supplies.map(BigInt);
  const paid = PairV2.calculateAmounts(each.ids, each.active, bins, supplies, each.liquidity);
  const prices = each.ids.map((id) => Bin.getPriceFromId(id, each.step));
  return { x: paid.amountX.toString(), y: paid.amountY.toString(), prices };
});
process.stdout.write(JSON.stringify(answer));
