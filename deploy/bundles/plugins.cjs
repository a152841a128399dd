/**
 * What the bundles leave out of files that they would otherwise carry whole, and what they keep Node from loading
 * (serverless.yml, `plugins`).
 */
const { readFileSync } = require('node:fs');
const { isBuiltin } = require('node:module');

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

/**
 * Where an ES module imports one of Node's own modules, Node reads all its properties, and some of them load what they
 * stand for: `WebSocket` of `node:http` all of `fetch`, a fifth of the import. Asked for by name, they don't.
 */
const builtinsByName = {
  name: 'builtins-by-name',
  setup(build) {
    build.onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * Every error that a service may answer has a class and a schema in its client, all registered by name. One that is not
 * registered comes as the service's own error class, with the same name: the code asks for names, and for one class.
 */
const errorsByName = {
  name: 'errors-by-name',
  setup(build) {
    build.onLoad(
      { filter: /[\\/]@aws-sdk[\\/]client-[a-z]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ },
      ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const contents = text.replace(/^n0_registry\.registerError\((\w+)\$, .*$/gm, (line, error) =>
          error === 'ConditionalCheckFailedException' ? line : '',
        );
        return { contents, loader: 'js' };
      },
    );
  },
};

module.exports = [packageJsonWithoutRest, phoneNumbersWithoutFormats, builtinsByName, errorsByName];
