/**
 * The three pages that a person sees of an installation. They need no script, and nothing from elsewhere.
 */
import type { Company } from './company.ts';
import { escapeHtml, printPage } from './html-page.ts';

export type ConsentPage = {
  readonly appName: string;
  readonly companies: readonly Pick<Company, 'id' | 'name'>[];
  readonly preselectedId: number | undefined;
  /** Of the request, to be sent along with the decision. */
  readonly parameters: URLSearchParams;
};

const CARRIED = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state'];

export function printConsentPage({ appName, companies, preselectedId, parameters }: ConsentPage): string {
  const app = escapeHtml(appName);
  const choices = companies.map(({ id, name }) => {
    const checked = id === preselectedId ? ' checked' : '';
    return `<label><input type="radio" name="company_id" value="${id}"${checked} required> ${escapeHtml(name)}</label>`;
  });
  const hidden = CARRIED.flatMap((name) => {
    const value = parameters.get(name);
    return value === null ? [] : [`<input type="hidden" name="${name}" value="${escapeHtml(value)}">`];
  });

  return printPage(
    `Connect ${appName}`,
    `<p>${app} asks for access to an Aircall account. It will see its users, contacts and calls, be told of its calls, and transfer them.</p>
<form method="post" action="/oauth/authorize">
${hidden.join('\n')}
<fieldset>
<legend>Which company?</legend>
${choices.join('\n')}
</fieldset>
<p class="buttons">
<button name="decision" value="authorize">Authorize</button>
<button name="decision" value="decline" class="quiet" formnovalidate>Decline</button>
</p>
</form>`,
  );
}

export function printInstalledPage(appName: string): string {
  return printPage(
    `${appName} is installed`,
    '<p>It is connected to your Aircall account. You can close this page.</p>',
  );
}

export function printRefusalPage(because: string): string {
  return printPage(
    'This app cannot be connected',
    `<p>${escapeHtml(because)}</p>
<p>Nothing was changed. Go back to the app, and start again from there.</p>`,
  );
}
