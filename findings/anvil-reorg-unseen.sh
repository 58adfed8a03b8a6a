#!/usr/bin/env bash
# On anvil a filter of logs says nothing of a reorganisation, and what was "finalized" is replaced.
#
# Package   @foundry-rs/anvil 1.7.1 (npm), a local node of its own; node's own fetch as the client.
# Expected  By the description of eth_getFilterChanges a log that leaves the chain comes again, with
#           removed: true; and no block at or below `finalized` is ever replaced.
# Seen      After anvil_reorg(3) the log is gone (eth_getLogs [], its receipt null), the block has
#           another hash, the filter of blocks tells of three new ones, the filter of logs of
#           nothing. And anvil_reorg(80) replaces the block that `finalized` named just before.
# A hedger  A loop that takes its fills and its positions from events keeps a trade that never was.
#           Tests of reorganisations on this node prove nothing of it: compare block hashes instead.
#
# Exits 0 while this is so, 1 once it is not, 2 where the packages cannot be installed.
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
npm install --prefix "$home" --silent --no-audit --no-fund --ignore-scripts \
  @foundry-rs/anvil@1.7.1 || exit 2
cd "$home"
node - <<'JS'
const assert = require("assert");
const { spawn } = require("child_process");
const { createServer } = require("net");

const LOGS_ONCE = "0x5f5fa000"; // PUSH0 PUSH0 LOG0 STOP
const TARGET = "0x" + "c0".repeat(20);

function freePort(use) {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => use(port));
  });
}

async function main(port) {
  async function ask(method, ...params) {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: "POST", headers, body });
    const { result, error } = await answer.json();
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }
  for (let tries = 100; !(await ask("eth_chainId").catch(() => false)); tries--) {
    assert(tries, "the node does not answer");
    await new Promise((done) => setTimeout(done, 100));
  }
  const [from] = await ask("eth_accounts");
  await ask("anvil_setCode", TARGET, LOGS_ONCE);
  const logs = await ask("eth_newFilter", { address: TARGET });
  const blocks = await ask("eth_newBlockFilter");
  const hash = await ask("eth_sendTransaction", { from, to: TARGET });
  await ask("anvil_mine", "0x2");
  const first = await ask("eth_getFilterChanges", logs);
  await ask("eth_getFilterChanges", blocks);
  assert.deepEqual(first.map((log) => [log.removed, log.blockNumber]), [[false, "0x1"]]);
  await ask("anvil_reorg", 3, []);
  const block = await ask("eth_getBlockByNumber", "0x1", false);
  const told = await ask("eth_getFilterChanges", logs);
  const news = await ask("eth_getFilterChanges", blocks);
  console.log("after the reorganisation: filter of logs", told, "- new blocks", news.length);
  assert.notEqual(block.hash, first[0].blockHash);
  assert.deepEqual(await ask("eth_getLogs", { address: TARGET, fromBlock: "0x0" }), []);
  assert.equal(await ask("eth_getTransactionReceipt", hash), null);
  assert.deepEqual([told, news.length], [[], 3]);

  await ask("anvil_mine", "0x64");
  const final = await ask("eth_getBlockByNumber", "finalized", false);
  await ask("anvil_reorg", 80, []);
  const now = await ask("eth_getBlockByNumber", final.number, false);
  console.log("finalized:", final.hash.slice(0, 18), "then", now.hash.slice(0, 18));
  assert.notEqual(now.hash, final.hash);
}

freePort((port) => {
  const node = spawn("node_modules/.bin/anvil", ["--port", String(port), "--silent"]);
  const done = (code) => node.once("exit", () => process.exit(code)) && node.kill();
  main(port).then(() => done(0), (error) => (console.error(error), done(1)));
});
JS
