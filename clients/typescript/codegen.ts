import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../schema.graphql', // or the address of a running `tidegate dev`
  documents: 'operations/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string', // the text is all that `fetch` needs: no GraphQL library in the bundle
        strictScalars: true, // a scalar that is not listed here stops the generator
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: {
          CountryCode: 'string',
          CurrencyCode: 'string',
          Cursor: 'string',
          DateTime: 'string',
          Decimal: 'string', // text, because a number would lose pennies
          IdempotencyKey: 'string',
          LanguageCode: 'string',
          URL: 'string',
        },
      },
    },
  },
};

export default config;
