// How a world of tests reaches out: to this machine only, and under a public name of its own.
import { readAllowed } from '../../src/outbound/address.ts';
import { openOutbound } from '../../src/outbound/fetch.ts';

const network = readAllowed('127.0.0.0/8');

export const border = {
  outbound: openOutbound(network.ok ? network.allowed : []),
  publicUrl: 'https://tocsin.example',
};
