// Node: promises, its timers, fs.promises. usage: loop.js WORK NUMBERS...  (bench_peer.h says what)
"use strict";
const fs = require("fs");
const path = require("path");

const LIVE_MS = 3000;
const seconds = () => Number(process.hrtime.bigint()) / 1e9;
const cpuNs = () => (process.cpuUsage().user + process.cpuUsage().system) * 1e3;

const works = {
  async resume(tasks, yields) {
    async function task() {
      for (let i = 0; i < yields; i++) {
        await null;
      }
    }
    const start = cpuNs();
    const all = [];
    for (let i = 0; i < tasks; i++) {
      all.push(task());
    }
    await Promise.all(all);
    console.log(((cpuNs() - start) / (tasks * (yields + 1))).toFixed(1));
  },

  async live(tasks) {
    async function task() {
      await new Promise((resolve) => setTimeout(resolve, LIVE_MS));
    }
    const all = [];
    for (let i = 0; i < tasks; i++) {
      all.push(task());
    }
    await Promise.all(all);
  },

  timers(count) {
    for (let i = 0; i < count; i++) {
      setTimeout(() => {}, ((i * 7919) % 1000) + 1);
    }
  },

  async files(folder, count, blocks, bytes, fsyncEvery) {
    const block = Buffer.alloc(bytes, "x");
    async function task(number) {
      const file = await fs.promises.open(path.join(folder, String(number)), "w");
      for (let i = 0; i < blocks; i++) {
        await file.write(block, 0, bytes, i * bytes);
        if (fsyncEvery && (i + 1) % fsyncEvery === 0) {
          await file.sync();
        }
      }
      await file.close();
    }
    const start = seconds();
    await Promise.all(Array.from({ length: count }, (_, i) => task(i)));
    console.log(((count * blocks) / (seconds() - start)).toFixed(0));
  },
};

const [work, ...numbers] = process.argv.slice(2);
works[work](...numbers.map((n) => (/^\d+$/.test(n) ? Number(n) : n)));
