// [{step, id, x, y}, ...], raw amounts as digits → what @meteora-ag/dlmm says of each: the price in
// Q64.64, and all of the bin in x and in y, each rounded in favour of the pool.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const { getQPriceFromId, getAmountIn } = require("@meteora-ag/dlmm");
const BN = require("bn.js");
const UP = 0;

const answer = JSON.parse(readFileSync(0, "utf8")).map(({ step, id, x, y }) => {
  const [held, paid] = [new BN(x), new BN(y)];
  const price = getQPriceFromId(new BN(id), new BN(step));
  const inX = held.add(getAmountIn(paid, price, true, UP));
  const inY = paid.add(getAmountIn(held, price, false, UP));
  return { price: price.toString(), inX: inX.toString(), inY: inY.toString() };
});
process.stdout.write(JSON.stringify(answer));
