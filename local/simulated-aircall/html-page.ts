/**
 * A page of the simulated Aircall's.
 */
const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
main { box-sizing: border-box; width: min(30rem, 100%); padding: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
fieldset { margin: 1.5rem 0; padding: 0.75rem 1rem; border: 1px solid; border-radius: 0.5rem; }
legend { padding: 0 0.25rem; }
label { display: block; padding: 0.375rem 0; }
.buttons { display: flex; gap: 0.75rem; }
button { padding: 0.5rem 1.25rem; border: 1px solid #00795a; border-radius: 0.5rem; background: #00795a; color: #fff; font: inherit; }
button.quiet { border-color: currentColor; background: none; color: inherit; }
small { opacity: 0.8; }`;

/** @param title as text; @param content as HTML */
export function printPage(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
<p><small>Simulated Aircall, on this machine</small></p>
</main>
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
