/** A complete set of heartbeat rules that breaks no rule; tests break it one line at a time. */
export const GOOD_HEARTBEAT = `groups:
  - name: heartbeat
    interval: 30s
    rules:
      - record: heartbeat_changes_6m
        expr: max by (metric_realm) (changes(metric_heartbeat_seq{metric_realm="prod"}[6m]))
      - record: heartbeat_fresh_120s
        expr: >-
          (time() - max by (metric_realm) (metric_heartbeat_timestamp_seconds{metric_realm="prod"}) <= bool 120)
          or label_replace(vector(0), "metric_realm", "prod", "", "")
      - record: heartbeat_ok
        expr: |
          clamp(
            (
              heartbeat_fresh_120s{metric_realm="prod"}
              * (heartbeat_changes_6m{metric_realm="prod"} >= bool 2)
            ) or label_replace(vector(0), "metric_realm", "prod", "", ""),
            0, 1)
      - alert: MetricHeartbeatAbsent
        expr: absent(metric_heartbeat_seq{metric_realm="prod"})
        for: 2m
        labels: { severity: critical }
        annotations:
          summary: the heartbeat of {{ $labels.metric_realm }} is gone
      - alert: MetricHeartbeatStalled
        expr: heartbeat_changes_6m{metric_realm="prod"} < 2
        for: 2m
        labels: { severity: critical }
        annotations:
          summary: the heartbeat of {{ $labels.metric_realm }} stands still at {{ $value | printf "%.0f" }}
      - alert: DeadMansSwitch
        expr: vector(1)
        labels: { severity: none }
`;
