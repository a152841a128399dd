/**
 * What is left out of files that the bundles would otherwise carry whole (serverless.yml, `plugins`).
 */
const { readFileSync } = require('node:fs');

/** Of a package.json, ours and the AWS SDK's, the code reads name and version: for user agents. */
const packageJsonWithoutRest = {
  name: 'package-json-without-rest',
  setup(build) {
    build.onLoad({ filter: /[\\/]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/** How each country writes its numbers is half of the metadata. We read numbers, and write E.164 only. */
const phoneNumbersWithoutFormats = {
  name: 'phone-numbers-without-formats',
  setup(build) {
    build.onLoad({ filter: /[\\/]libphonenumber-js[\\/]metadata\.min\.json\.js$/ }, ({ path }) => {
      const metadata = JSON.parse(readFileSync(path.replace(/\.js$/, ''), 'utf8'));
      if (metadata.version !== 4) throw new Error(`Which column are formats in version ${metadata.version}?`);

      for (const country of [
        ...Object.values(metadata.countries),
        ...Object.values(metadata.nonGeographic),
      ]) {
        country[formatsColumn] = 0;
      }
      return { contents: `export default ${JSON.stringify(metadata)}`, loader: 'js' };
    });
  },
};

const formatsColumn = 4;

module.exports = [packageJsonWithoutRest, phoneNumbersWithoutFormats];
