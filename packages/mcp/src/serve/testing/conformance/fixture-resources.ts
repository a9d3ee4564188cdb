import { type ReadResourceResult, type Resource, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { image } from "./fixture-tool.ts";

export const fixtureResources: readonly Resource[] = [
  { uri: "test://static-text", name: "static-text", mimeType: "text/plain" },
  { uri: "test://static-binary", name: "static-binary", mimeType: "image/png" },
  { uri: "test://watched-resource", name: "watched-resource", mimeType: "text/plain" },
];

export const fixtureTemplate = {
  name: "template",
  uriTemplate: "test://template/{id}/data",
  mimeType: "application/json",
};

export function readFixture(uri: string): ReadResourceResult {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id !== undefined) {
    const body = { id, templateTest: true, data: `Data for ID: ${id}` };
    return { contents: [{ uri, mimeType: "application/json", text: JSON.stringify(body) }] };
  }
  if (uri === "test://static-binary") return { contents: [{ uri, mimeType: "image/png", blob: image.data }] };
  const known = fixtureResources.find((resource) => resource.uri === uri);
  if (known === undefined) throw new ResourceNotFoundError(uri);
  return { contents: [{ uri, mimeType: "text/plain", text: `This is the content of ${known.name}.` }] };
}
