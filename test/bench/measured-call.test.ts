import { expect, it } from 'vitest';
import { joinObserved } from '../../bench/measured-call.ts';

const delivery = { peer: 'router', callId: '4711', startMs: 1000, endMs: 1110 } as const;

const observed = {
  dynamodb: [
    { what: 'UpdateItem', startMs: 1002, arrivedMs: 1004, endMs: 1008, status: 200, capacityUnits: 1 },
    { what: 'Query', startMs: 1002, arrivedMs: 1004, endMs: 1009, status: 200, capacityUnits: 0.5 },
    { what: 'UpdateItem', startMs: 1010, arrivedMs: 1012, endMs: 1016, status: 200, capacityUnits: 1 },
    { what: 'UpdateItem', startMs: 1101, arrivedMs: 1103, endMs: 1107, status: 200, capacityUnits: 2 },
    { what: 'Query', startMs: 1200, arrivedMs: 1203, endMs: 1207, status: 200, capacityUnits: 0.5 },
  ],
  aircall: [
    { what: 'POST /v1/calls/4711/transfers', startMs: 1018, arrivedMs: 1058, endMs: 1099, status: 204 },
  ],
};

it('times a call by what DynamoDB and Aircall saw while it was delivered', () => {
  expect(joinObserved([delivery], observed)).toEqual([
    {
      ...delivery,
      untilAircallMs: 58,
      untilTransferredMs: 99,
      untilAnsweredMs: 110,
      waves: 3,
      aircallRequests: 1,
      dynamodbRequests: 4,
      readUnits: 0.5,
      writeUnits: 4,
    },
  ]);
});

it('leaves out a call that was not transferred', () => {
  expect(joinObserved([delivery], { ...observed, aircall: [] })).toEqual([]);
});

it('stops at a call that was transferred twice', () => {
  const twice = [...observed.aircall, ...observed.aircall];
  expect(() => joinObserved([delivery], { ...observed, aircall: twice })).toThrow(
    'router transferred call 4711 2 times',
  );
});
