/** The page's files, which need no API key and may load nothing but each other. */
import type { FastifyInstance } from 'fastify';
import type { PageFile } from '../page/files.js';

/** Nothing but this server's own files is loaded, nothing inline runs, and no text is ever parsed as markup. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export function addPage(app: FastifyInstance, files: readonly PageFile[]): void {
  for (const { path, type, body } of files) {
    app.get(path, { schema: { hide: true } }, async (_, reply) =>
      reply.type(type).headers({ 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-cache', 'x-frame-options': 'DENY' }).send(body));
  }
}
