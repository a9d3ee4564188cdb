import type { Ticket, TicketStatus } from "@agentwerk/core";
import { formatAge } from "../../show/format.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import type { Column } from "../../show/table.ts";
import type { Colour } from "../../show/terminal.ts";

const colours: Readonly<Record<TicketStatus, Colour>> = {
  todo: "blue",
  in_progress: "cyan",
  waiting: "yellow",
  done: "green",
  failed: "red",
  cancelled: "dim",
};

export function colourOf(status: TicketStatus): Colour {
  return colours[status];
}

export function taskLine({ task }: Ticket): string {
  return sanitizeLine(typeof task === "string" ? task : JSON.stringify(task));
}

export function ticketColumns(now: number): readonly Column<Ticket>[] {
  return [
    { title: "key", cell: ({ key }) => key },
    { title: "status", cell: ({ status }) => status, colour: ({ status }) => colours[status] },
    { title: "labels", cell: ({ labels }) => sanitizeLine(labels.join(", ")), flexible: true },
    { title: "agent", cell: ({ agent = "" }) => sanitizeLine(agent), flexible: true },
    {
      title: "filed",
      cell: ({ createdAt }) => formatAge(createdAt, now),
      align: "right",
      colour: () => "dim",
    },
    { title: "task", cell: taskLine, flexible: true },
  ];
}
