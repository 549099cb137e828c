package dev.ridgeline.serving.traffic;

import dev.ridgeline.serving.request.PromptContent;

/** One request as it comes; filled anew for each, so that a stream needs no object a request. */
public final class Arrival {
  /** When it comes. */
  public long timeNanos;

  /** Prompt tokens, at least 1. */
  public int inputTokens;

  /** Output tokens, at least 1. */
  public int outputTokens;

  /** Smaller is more urgent. */
  public int priority;

  /** Requests of one session share it; -1 for none. */
  public long session = -1;

  /** What the prompt consists of. */
  public PromptContent content = PromptContent.UNKNOWN;

  /** Whether figures count it. */
  public boolean counted = true;

  /** Becomes as another. */
  public void copy(Arrival other) {
    timeNanos = other.timeNanos;
    inputTokens = other.inputTokens;
    outputTokens = other.outputTokens;
    priority = other.priority;
    session = other.session;
    content = other.content;
    counted = other.counted;
  }
}
