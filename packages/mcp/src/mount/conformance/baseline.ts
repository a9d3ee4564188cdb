/** Client scenarios of the official suite that are not expected to pass, and why. */
export const baseline: Readonly<Record<string, string>> = {
  "auth/client-credentials-jwt":
    "An extension: the program would need a private key; clientSecret is what we take.",
  "auth/enterprise-managed-authorization":
    "An extension for single sign-on of an enterprise, which we do not offer.",
  "auth/dpop": "An extension: tokens bound to a key of the client, which we do not offer.",
  "auth/dpop-nonce": "An extension: tokens bound to a key of the client, which we do not offer.",
  "auth/wif-jwt-bearer": "An extension for workload identities, which we do not offer.",
  "json-schema-2020-12-preservation":
    "Added after the release and not scored: it wants $schema in what the client passes on, which we take out for models.",
};
