/** `GET /`: that the server runs, and which. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { json } from '../lib/adapters/api-gateway/http.ts';
import { product, readService } from '../lib/config.ts';

const { stage } = readService();

export async function handler(): Promise<APIGatewayProxyStructuredResultV2> {
  return json(200, {
    message: 'Server is running',
    service: product.name,
    stage,
    version: product.version,
  });
}
