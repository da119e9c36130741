'use strict';
/* Plays a trace that Loopscope exported, packed by deflate. An event is its sentence, how long its motion takes, the
 * things that are drawn for the first time, and for each phase of the motion how the list of things
 * drawn differs from the list before. A beat is several events that are played as one: its sentence,
 * its time, how many events are shown once each of its moves has begun, when that is, its phases. What has an id
 * keeps it while it moves: two lists are matched by it, and what lies between them is painted in between. */
(async () => {
  if (!window.DecompressionStream) {
    document.body.append('This browser is too old to play this page: it needs one of 2023 or later.');
    return;
  }
  const packed = Uint8Array.from(atob(document.getElementById('trace').textContent), sign => sign.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const trace = JSON.parse(await new Response(unpacked).text());
  const PACES = [0.5, 1, 1.5, 2, 3, 6, 12, 30, 60, 250];
  const FONTS = [[400, 0], [500, 0], [600, 0], [700, 0], [400, 1], [500, 1], [700, 1]];
  const SANS = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
  const MONO = '"JetBrains Mono", ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace';
  const [RECT, CIRCLE, ARC, PIE, POLYGON, POLYLINE, TEXT, HATCH, CLIP, UNCLIP] = Array(10).keys();
  const HEAD = 4; /* of an event, and of a beat; behind it its phases */
  const last = trace.events.length - 1;

  /* ---- the lists ---- */

  const bytes = n => [n / 16777216, n / 65536, n / 256, n].map(byte => Math.floor(byte) % 256);
  const COLORS = [[0, 0, 0, 0]].concat(trace.colors.map(bytes));
  const color = n => COLORS[n || 0];

  function style(draw, v, at) {
    draw.fill = color(v[at]);
    draw.stroke = color(v[at + 1]);
    draw.n.push((v[at + 2] || 0) / 10);
    draw.dash = [(v[at + 3] || 0) / 10, (v[at + 4] || 0) / 10];
    draw.round = v[at + 5] === 1;
  }

  /* n: the numbers that may move; of shapes the last is the stroke's width. */
  function read(v) {
    const draw = { kind: v[0], id: v[1], n: [], fill: [0, 0, 0, 0], stroke: [0, 0, 0, 0] };
    const tenth = i => (v[i] || 0) / 10;
    if (draw.kind === TEXT) {
      Object.assign(draw, { text: trace.texts[v[2]], n: [3, 4, 5, 8].map(tenth), align: v[6] || 0, font: v[7] || 0, fill: color(v[9]) });
    } else if (draw.kind === POLYGON || draw.kind === POLYLINE) {
      let x = 0, y = 0;
      for (let i = 0; i < v[2].length; i += 2) {
        draw.n.push((x += v[2][i]) / 10, (y += v[2][i + 1]) / 10);
      }
      style(draw, v, 3);
    } else {
      draw.n = [2, 3, 4, 5, 6].map(tenth);
      style(draw, v, 7);
    }
    return draw;
  }

  function change(list, changes) {
    const out = [];
    let from = 0;
    for (let i = 0; i < changes.length; i += 3 + changes[i + 2]) {
      for (let k = 0; k < changes[i]; k++) out.push(list[from++]);
      from += changes[i + 1];
      for (let k = 0; k < changes[i + 2]; k++) out.push(changes[i + 3 + k]);
    }
    while (from < list.length) out.push(list[from++]);
    return out;
  }

  const draws = [];
  const rests = []; /* the list at rest after each event */
  for (const event of trace.events) {
    for (const values of event[3]) draws.push(read(values));
    const before = rests.length ? rests[rests.length - 1] : [];
    rests.push(Int32Array.from(event.slice(HEAD).reduce(change, before)));
  }

  /* The lists of an event's phases, made when they are wanted. */
  let phasesOf = null, phases = [];
  function phasesAt(what, before) {
    if (phasesOf !== what) {
      let list = rests[before];
      phases = what.slice(HEAD).map(changes => list = change(list, changes));
      phasesOf = what;
    }
    return phases;
  }
  const moves = at => trace.events[at].length > HEAD + 1;

  /* ---- between two lists ---- */

  const mixAll = (a, b, t) => a.map((value, i) => value + (b[i] - value) * t);

  function between(a, b, t) {
    return Object.assign({}, b, {
      n: mixAll(a.n, b.n, t), fill: mixAll(a.fill, b.fill, t), stroke: mixAll(a.stroke, b.stroke, t) });
  }

  function matched(a, b, t) {
    const waiting = new Map(), key = draw => draw.id + ' ' + draw.kind;
    for (const i of a) {
      if (!waiting.has(key(draws[i]))) waiting.set(key(draws[i]), []);
      waiting.get(key(draws[i])).push(i);
    }
    /* The same words are the same text; others take the place of such as are there no more. */
    const said = new Set(b.map(i => draws[i].id + ' ' + draws[i].text));
    const take = draw => {
      const all = waiting.get(key(draw)) || [];
      let i = all.findIndex(from => draws[from].text === draw.text);
      if (i < 0) i = all.findIndex(from => !said.has(draw.id + ' ' + draws[from].text));
      return i < 0 ? undefined : all.splice(i, 1)[0];
    };
    const alike = a.length === b.length && b.every((i, k) => draws[i].kind === draws[a[k]].kind);
    return b.map((i, k) => {
      const draw = draws[i];
      const from = draw.id ? take(draw) : alike ? a[k] : undefined;
      const fits = from !== undefined && from !== i && draws[from].n.length === draw.n.length;
      return fits ? between(draws[from], draw, t) : draw;
    });
  }

  function scene({ at, phase, beat, first }) {
    if (!beat && (phase >= 1 || !moves(at))) return Array.from(rests[at], i => draws[i]);
    const all = beat ? phasesAt(beat, first) : phasesAt(trace.events[at], at - 1);
    if (phase >= 1) return all[all.length - 1].map(i => draws[i]);
    const place = phase * (all.length - 1), i = Math.floor(place);
    return matched(all[i], all[i + 1], place - i);
  }

  /* ---- painting ---- */

  const css = c => 'rgba(' + c.slice(0, 3).map(Math.round) + ',' + c[3] / 255 + ')';
  const turn = degrees => (degrees - 90) * Math.PI / 180;

  function ink(pen, draw, path) {
    const px = draw.n[draw.n.length - 1];
    if (draw.fill[3] > 0) {
      pen.fillStyle = css(draw.fill);
      pen.fill(path);
    }
    if (draw.stroke[3] > 0 && px > 0) {
      pen.strokeStyle = css(draw.stroke);
      pen.lineWidth = px;
      pen.lineJoin = 'round';
      pen.lineCap = draw.round ? 'round' : 'butt';
      pen.setLineDash(draw.dash[1] > 0 ? draw.dash : []);
      pen.stroke(path);
    }
  }

  /* The letters may not be the window's: they are made as wide as there, so nothing is cut. */
  function text(pen, draw) {
    const [x, y, width, size] = draw.n, [weight, mono] = FONTS[draw.font];
    pen.font = weight + ' ' + size + 'px ' + (mono ? MONO : SANS);
    pen.fillStyle = css(draw.fill);
    const own = pen.measureText(draw.text).width;
    pen.save();
    pen.translate(x, y + size * 0.364);
    pen.scale(own > 0 && width > 0 ? Math.min(1.12, width / own) : 1, 1);
    pen.fillText(draw.text, [0, -own / 2, -own][draw.align], 0);
    pen.restore();
  }

  function clipTo(pen, [x, y, w, h]) {
    pen.save();
    pen.beginPath();
    pen.rect(x, y, w, h);
    pen.clip();
  }

  function paintOne(pen, draw) {
    const [x, y, w, h, r] = draw.n, path = new Path2D();
    switch (draw.kind) {
      case RECT: path.roundRect(x, y, w, h, r); break;
      case CIRCLE: path.arc(x, y, r, 0, 2 * Math.PI); break;
      case PIE: path.moveTo(x, y); path.arc(x, y, r, turn(w), turn(h)); path.closePath(); break;
      case ARC: path.arc(x, y, r, turn(w), turn(h)); break;
      case POLYGON:
      case POLYLINE:
        for (let i = 0; i < draw.n.length - 1; i += 2) path.lineTo(draw.n[i], draw.n[i + 1]);
        if (draw.kind === POLYGON) path.closePath();
        break;
      case HATCH:
        clipTo(pen, draw.n);
        for (let at = -h; at < w && r > 0; at += r) {
          path.moveTo(x + at, y + h);
          path.lineTo(x + at + h, y);
        }
        break;
      case TEXT: text(pen, draw); return;
      case CLIP: clipTo(pen, draw.n); return;
      case UNCLIP: pen.restore(); return;
    }
    ink(pen, draw, path);
    if (draw.kind === HATCH) pen.restore();
  }

  function paint(canvas, list, top, bottom) {
    const scale = canvas.clientWidth / trace.width * (window.devicePixelRatio || 1);
    const width = Math.max(1, Math.round(trace.width * scale));
    const height = Math.max(1, Math.round((bottom - top) * scale));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext('2d');
    pen.setTransform(scale, 0, 0, scale, 0, -top * scale);
    for (const draw of list) paintOne(pen, draw);
  }

  /* ---- the page ---- */

  document.title = trace.title + ' - Loopscope';
  document.documentElement.dataset.theme = trace.theme;
  const main = document.createElement('main');
  main.innerHTML = `<h1></h1>
    <div id="caption" role="status" aria-live="polite"></div>
    <div class="scroll"><canvas id="stage" role="img" aria-describedby="caption"></canvas></div>
    <div class="bar" role="group" aria-label="Player">
      <button id="back" aria-label="Back: one event" title="One event back (&larr;)">Back</button>
      <button id="play" class="main" title="Play and pause (Space)">Play</button>
      <button id="step" aria-label="Step: one event" title="One event forward (&rarr;)">Step</button>
      <label>Speed <input id="pace" type="range" min="0" max="${PACES.length - 1}" step="1"></label>
      <span id="count"></span>
      <input id="where" type="range" min="0" max="${last}" step="1" aria-label="Event">
    </div>
    <div class="scroll"><canvas id="time" role="img" aria-label="Timeline of the tasks"></canvas></div>`;
  document.body.append(main);
  const part = id => document.getElementById(id);
  main.querySelector('h1').textContent = trace.title;
  part('stage').setAttribute('aria-label', 'The event loop: ' + trace.title);

  /* at: how many events of the page are shown. beat: what is played as one, from `first` on. */
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const state = { at: 0, phase: 1, beat: null, first: 0, playing: false, backwards: false, pace: 0, owed: 0, before: 0 };
  PACES.forEach((pace, i) => { if (pace <= trace.pace) state.pace = i; });

  /* The window's: in full up to three events a second, short up to twelve, then none. */
  function motionMs(at) {
    const pace = PACES[state.pace], beat = state.beat, ms = (beat || trace.events[at])[1];
    if (calm.matches || !beat && !moves(at)) return 0;
    if (!state.playing) return ms;
    const count = beat ? beat[2][beat[2].length - 1] - state.first : 1;
    return pace > 12 ? 0 : Math.min(pace > 3 ? ms * 0.4 : ms, count * 1000 / pace);
  }

  /* Where the picture is wider than the page, what moved last is brought into view. */
  function follow() {
    const place = part('stage').parentElement;
    if (place.scrollWidth <= place.clientWidth || state.at === 0) return;
    const before = new Set(rests[state.at - 1]);
    const moved = rests[state.at].filter(i => !before.has(i) && draws[i].id && draws[i].n[1] < trace.top);
    if (moved.length) {
      const x = draws[moved[moved.length - 1]].n[0] * part('stage').clientWidth / trace.width;
      place.scrollTo({ left: x - place.clientWidth / 2, behavior: calm.matches ? 'auto' : 'smooth' });
    }
  }

  let told = null;
  function tell() {
    part('play').textContent = state.playing ? 'Pause' : 'Play';
    part('back').disabled = state.at === 0;
    part('step').disabled = state.at === last;
    part('pace').value = state.pace;
    part('pace').setAttribute('aria-valuetext', PACES[state.pace] + ' events a second');
    part('where').value = state.at;
    const n = trace.from + state.at - 1;
    part('count').textContent = state.at === 0 ? 'the beginning' : 'event ' + n + ' of ' + (trace.from + last - 1);
    part('where').setAttribute('aria-valuetext', part('count').textContent);
    const what = state.beat || trace.events[state.at];
    if (told !== what) {
      told = what;
      part('caption').textContent = what[0] || trace.title;
      follow();
    }
  }

  let asked = 0;
  function again() {
    document.documentElement.dataset.rests = false;
    tell();
    if (!asked) asked = requestAnimationFrame(tick);
  }

  /* The events of a beat are shown as their moves begin. */
  function lead() {
    const [, , ends, begins] = state.beat;
    state.at = ends[begins.filter(t => t <= state.phase).length - 1];
  }

  function next() {
    state.first = state.at;
    state.beat = state.playing && !calm.matches && PACES[state.pace] <= 12 && trace.beats[state.at] || null;
    if (state.beat) {
      state.phase = 0;
      lead();
      return;
    }
    state.at++;
    state.phase = motionMs(state.at) > 0 ? 0 : 1;
  }

  function settle() {
    const inBeat = state.beat && state.phase < 1;
    if (inBeat) state.at = state.backwards ? state.first : state.beat[2][state.beat[2].length - 1];
    else if (state.backwards) state.at--;
    if (!inBeat || state.backwards) state.beat = null;
    Object.assign(state, { phase: 1, backwards: false, owed: 0, before: 0 });
  }

  function go(at) {
    state.playing = false;
    settle();
    state.beat = null;
    state.at = Math.max(0, Math.min(last, at));
    again();
  }

  function step() {
    state.playing = false;
    settle();
    if (state.at < last) next();
    again();
  }

  function back() {
    state.playing = false;
    if (state.beat && state.phase < 1 && !state.backwards) { /* all of it turns round */
      state.backwards = true;
      again();
      return;
    }
    settle();
    state.beat = null;
    if (state.at > 0 && motionMs(state.at) > 0) state.backwards = true;
    else if (state.at > 0) state.at--;
    again();
  }

  function play() {
    settle();
    state.playing = !state.playing;
    state.owed = 1; /* the first event comes at once */
    if (state.playing && state.at === last) state.at = 0;
    again();
  }

  function pace(to) {
    state.pace = Math.max(0, Math.min(PACES.length - 1, to));
    again();
  }

  const moving = () => state.playing || state.backwards || state.phase < 1;

  function tick(now) {
    asked = 0;
    const ms = state.before ? Math.min(250, now - state.before) : 0;
    if (state.backwards || state.phase < 1) {
      const all = motionMs(state.at), by = all > 0 ? ms / all : 1;
      state.phase = Math.max(0, Math.min(1, state.phase + (state.backwards ? -by : by)));
      if (state.beat) lead();
      if (state.backwards && state.phase <= 0) settle();
    }
    if (state.playing) {
      state.owed += ms * PACES[state.pace] / 1000;
      for (; state.owed >= 1 && state.at < last && !(state.beat && state.phase < 1); state.owed--) next();
      if (state.at === last && state.phase >= 1) state.playing = false;
      state.owed = Math.min(state.owed, 1);
    }
    const list = scene(state);
    paint(part('stage'), list, 0, trace.top);
    paint(part('time'), list, trace.bottom, trace.height);
    tell();
    document.documentElement.dataset.at = state.at; /* painted */
    document.documentElement.dataset.rests = !moving();
    state.before = moving() ? now : 0;
    if (moving()) asked = requestAnimationFrame(tick);
  }

  /* ---- hands ---- */

  part('play').onclick = play;
  part('step').onclick = step;
  part('back').onclick = back;
  part('pace').oninput = event => pace(Number(event.target.value));
  part('where').oninput = event => go(Number(event.target.value));

  function scrub(event) {
    const box = part('time').getBoundingClientRect();
    const i = Math.floor((event.clientX - box.left) / box.width * trace.scrub.length);
    go(trace.scrub[Math.max(0, Math.min(trace.scrub.length - 1, i))]);
  }
  part('time').onpointerdown = scrub;
  part('time').onpointermove = event => { if (event.buttons & 1) scrub(event); };

  const KEYS = {
    ' ': play, ArrowRight: step, PageDown: step, ArrowLeft: back, PageUp: back,
    ArrowUp: () => pace(state.pace + 1), ArrowDown: () => pace(state.pace - 1),
    Home: () => go(0), End: () => go(last),
  };
  addEventListener('keydown', event => {
    const tag = event.target.tagName, own = tag === 'INPUT' || event.key === ' ' && tag === 'BUTTON';
    if (KEYS[event.key] && !own && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });
  addEventListener('resize', again);
  again();
})();
