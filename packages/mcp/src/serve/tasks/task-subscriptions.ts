import {
  type JSONRPCNotification,
  type JSONRPCRequest,
  SUBSCRIPTION_ID_META_KEY,
} from "@modelcontextprotocol/server";
import { z } from "zod";

/**
 * Subscriptions to tasks, of which the SDK's router of `subscriptions/listen` knows nothing. To it a task is a resource
 * `task:<id>`: on its way in a subscription's `taskIds` become such addresses, on its way out what concerns them becomes
 * `taskIds` and `notifications/tasks` again.
 */
const prefix = "task:";

export function taskUri(taskId: string): string {
  return `${prefix}${taskId}`;
}

const listenParams = z.looseObject({
  notifications: z.looseObject({
    taskIds: z.array(z.string()).max(1_000),
    resourceSubscriptions: z.array(z.string()).optional(),
  }),
});

/** The tasks that a request subscribes to; none when it is something else. */
export function subscribedTasks({
  method,
  params,
}: Pick<JSONRPCRequest, "method" | "params">): readonly string[] {
  if (method !== "subscriptions/listen") return [];
  return listenParams.safeParse(params).data?.notifications.taskIds ?? [];
}

/** The request as the router takes it, with those of its tasks that there are. */
export function toRouter(request: JSONRPCRequest, taskIds: readonly string[]): JSONRPCRequest {
  const params = listenParams.parse(request.params);
  const { taskIds: _, resourceSubscriptions = [], ...notifications } = params.notifications;
  const subscriptions = [...resourceSubscriptions, ...taskIds.map(taskUri)];
  return {
    ...request,
    params: { ...params, notifications: { ...notifications, resourceSubscriptions: subscriptions } },
  };
}

const acknowledged = z.looseObject({
  notifications: z.looseObject({ resourceSubscriptions: z.array(z.string()) }),
});
const updated = z.looseObject({ uri: z.string(), _meta: z.looseObject({}).optional() });

/** A notification as the client takes it; `undefined` when the task is gone. */
export async function fromRouter(
  notification: JSONRPCNotification,
  describeTask: (taskId: string) => Promise<object | undefined>,
): Promise<JSONRPCNotification | undefined> {
  if (notification.method === "notifications/subscriptions/acknowledged") {
    const params = acknowledged.safeParse(notification.params).data;
    return params === undefined ? notification : { ...notification, params: splitSubscriptions(params) };
  }
  if (notification.method !== "notifications/resources/updated") return notification;
  const params = updated.safeParse(notification.params).data;
  if (params === undefined || !params.uri.startsWith(prefix)) return notification;
  const task = await describeTask(params.uri.slice(prefix.length));
  if (task === undefined) return undefined;
  const subscription = params._meta?.[SUBSCRIPTION_ID_META_KEY];
  const meta = subscription === undefined ? {} : { _meta: { [SUBSCRIPTION_ID_META_KEY]: subscription } };
  return { jsonrpc: "2.0", method: "notifications/tasks", params: { ...task, ...meta } };
}

function splitSubscriptions(params: z.infer<typeof acknowledged>): Record<string, unknown> {
  const { resourceSubscriptions, ...rest } = params.notifications;
  const resources = resourceSubscriptions.filter((uri) => !uri.startsWith(prefix));
  const taskIds = resourceSubscriptions
    .filter((uri) => uri.startsWith(prefix))
    .map((uri) => uri.slice(prefix.length));
  return {
    ...params,
    notifications: {
      ...rest,
      ...(resources.length > 0 && { resourceSubscriptions: resources }),
      ...(taskIds.length > 0 && { taskIds }),
    },
  };
}
