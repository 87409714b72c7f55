/** The page at `/`: what this is and how to connect. It loads nothing and runs nothing. */

import { createHash } from 'node:crypto';

const style = `
:root{color-scheme:light dark;--ink:#1d2433;--dim:#5b6478;--paper:#f6f5f1;--card:#fff;--line:#e2e0d8;--accent:#8a4b2f}
@media(prefers-color-scheme:dark){:root{--ink:#e8e6df;--dim:#a0a6b4;--paper:#14171f;--card:#1c212c;--line:#2d3341;--accent:#e0a17f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.6 system-ui,sans-serif}
main{max-width:44rem;margin:0 auto;padding:4rem 1.5rem 5rem}
h1{margin:0;font-size:2.6rem;letter-spacing:-.03em;line-height:1.1}
h1+p{margin:.6rem 0 2.4rem;color:var(--dim);font-size:1.15rem}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.2rem 1.4rem;margin:1rem 0}
h2{margin:0 0 .3rem;font-size:1.05rem;color:var(--accent)}
p{margin:.3rem 0}
pre{margin:.7rem 0 0;padding:.8rem 1rem;border-radius:8px;background:var(--paper);border:1px solid var(--line);overflow-x:auto}
code{font:14px/1.55 ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace}
footer{margin-top:2rem;color:var(--dim);font-size:.9rem}
`;

export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>chateau</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>chateau</h1>
<p>A chat server. What it has acknowledged is on its disk, and whoever is away finds it at the next login.</p>
<section>
<h2>In a terminal</h2>
<p>The client that comes with it, at this page's host and port:</p>
<pre><code>npm run client -- --host HOST --port PORT</code></pre>
</section>
<section>
<h2>By hand</h2>
<p>One request per line, on the same port:</p>
<pre><code>nc HOST PORT
create alice secret
login alice secret
send bob hello</code></pre>
</section>
<section>
<h2>From a program</h2>
<p>JSON over WebSocket at <code>/ws</code>, one object per text frame:</p>
<pre><code>{"type":"RegisterRequest","username":"alice"}
{"type":"SingleMessageRequest","recipient":"bob","content":"hello"}</code></pre>
</section>
<footer>Everybody meets everybody, whichever way they came in.</footer>
</main>
</body>
</html>
`;

/** Nothing but this one style sheet: no script, no image, no frame around it. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
