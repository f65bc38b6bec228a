// sharp as people write it, in a process of its own. Prints one line of JSON; the benchmark reads it.
//
//   node sharp.mjs NODE_MODULES idle
//   node sharp.mjs NODE_MODULES once FILE [OUT]
//   node sharp.mjs NODE_MODULES repeat FILE SECONDS LEAST
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, mode, file, ...rest] = process.argv.slice(2);
const sharp = createRequire(join(resolve(modules), "sharp.mjs"))("sharp");
// One thread, and nothing kept from one image to the next.
sharp.concurrency(1);
sharp.cache(false);

/** `force: false` leaves the format as it came, so each of the two settings is for its own. */
function thumbnail(source) {
  return sharp(source)
    .autoOrient()
    .resize(720, 720, { fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 80, force: false })
    .webp({ quality: 80, force: false })
    .toBuffer({ resolveWithObject: true });
}

/** CPU of this process, every thread of it, in milliseconds. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The most memory this process had, in KiB. `maxRSS` would count what the parent had when it forked. */
function peak() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "latin1"))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

const report = { version: sharp.versions.sharp, library: `libvips ${sharp.versions.vips}` };
if (mode === "once") {
  const { data, info } = await thumbnail(readFileSync(file));
  Object.assign(report, { width: info.width, height: info.height, bytes: data.length });
  if (rest[0]) writeFileSync(rest[0], data);
} else if (mode === "repeat") {
  const [seconds, least] = rest.map(Number);
  const source = readFileSync(file);
  await thumbnail(source);
  report.cpu_ms = [];
  for (let spent = 0; spent < seconds * 1000 || report.cpu_ms.length < least; ) {
    const before = cpu();
    await thumbnail(source);
    const took = cpu() - before;
    report.cpu_ms.push(took);
    spent += took;
  }
} else if (mode !== "idle") {
  throw new Error(`the mode is idle, once or repeat, not ${mode}`);
}
console.log(JSON.stringify({ ...report, peak_kib: peak() }));
