#!/usr/bin/env bash
# Showing one price by Uniswap's SDK leaves the rest of the process with five digits to calculate with.
#
# Package   @uniswap/sdk-core 7.19.4, decimal.js-light 2.5.1, big.js 5.2.2 (npm), offline; one copy of
#           each of the two, as npm lays them where versions agree.
# Expected  toSignificant(4) makes a text of a number; how exactly others calculate stays as it was:
#           20 digits in decimal.js-light, 20 decimals in big.js, as their documentation has it.
# Seen      It sets the precision of decimal.js-light to 5 digits for everybody, and leaves it there:
#           123456.789 + 0 is 123450. toFixed(2) leaves big.js with 2 decimals: 2 / 3 is 0.67. What
#           comes out depends on what was shown last.
# A hedger  A log line that shows a price cuts 123456.789 coins to 123450 in whatever is added up
#           after it: with the line the hedge is 6.8 short, without it right. Use a copy of one's
#           own: Decimal.clone(), Big().
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
npm install --prefix "$home" --silent --no-audit --no-fund --ignore-scripts \
  @uniswap/sdk-core@7.19.4 decimal.js-light@2.5.1 big.js@5.2.2 || exit 2
cd "$home"
node - <<'JS'
const assert = require("assert");
const { Price, Token } = require("@uniswap/sdk-core");
const Decimal = require("decimal.js-light");
const Big = require("big.js");

const own = { decimal: Decimal.clone(), big: Big() }; // copies that nobody else sets
const numbers = (decimal, big) => [
  new decimal("123456.789").plus(0).toString(),
  new big(2).div(3).toString(),
];
const show = (when, [sum, quotient]) =>
  console.log(when.padEnd(30), "123456.789 + 0 =", sum.padEnd(11), "2 / 3 =", quotient);

const [usdc, weth] = [[6, "USDC"], [18, "WETH"]].map(([decimals, symbol], i) =>
  new Token(1, "0x" + String(i + 1).repeat(40), decimals, symbol));
const price = new Price(weth, usdc, 10n ** 18n + "", "2000123456");

const before = numbers(Decimal, Big);
show("at first", before);
assert.deepEqual(before, ["123456.789", "0.66666666666666666667"]);

assert.equal(price.toSignificant(4), "2000");
assert.equal(price.toFixed(2), "2000.12");
const after = numbers(Decimal, Big);
show("toSignificant(4), toFixed(2)", after);
assert.deepEqual(after, ["123450", "0.67"]);

price.toSignificant(6);
show("and then toSignificant(6)", numbers(Decimal, Big));
assert.equal(numbers(Decimal, Big)[0], "123456.7");
show("copies of one's own", numbers(own.decimal, own.big));
assert.deepEqual(numbers(own.decimal, own.big), before);
JS
