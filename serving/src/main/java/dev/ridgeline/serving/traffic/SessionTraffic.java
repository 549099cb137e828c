package dev.ridgeline.serving.traffic;

import dev.ridgeline.events.Nanos;
import dev.ridgeline.events.RandomStreams;
import dev.ridgeline.serving.request.PromptContent;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Conversations: each starts at a time of a process and has a number of turns. A turn's prompt is
 * everything said before plus new tokens, and comes when the turn before has been answered and its
 * reader has thought. Turns are geometric, thinking is exponential. The parts of a conversation,
 * prompts and answers, are known to prefix caches.
 */
public final class SessionTraffic implements ArrivalSource {
  /** Prefixes are told apart in steps of so many tokens, which is a block of vLLM. */
  private static final int ID_TOKENS = 16;

  private static final int MOST_TURNS = 1 << 20;
  private static final int INDEX_BITS = 26;

  private final Lengths lengths;
  private final ArrivalProcess.Clock clock;
  private final RandomGenerator lengthRandom;
  private final RandomGenerator turnRandom;
  private final RandomGenerator thinkRandom;
  private final double meanTurns;
  private final double thinkSeconds;
  private final int longest;
  private final double durationSeconds;
  private final Map<Long, Conversation> live = new HashMap<>();
  private final Arrival drawn = new Arrival();
  private long left;
  private long started;

  /** What is known of a conversation under way. */
  private static final class Conversation {
    int tokens;
    int turnsLeft;
  }

  /**
   * Conversations that start when the process says so.
   *
   * @param lengths new tokens of a prompt, and tokens of the answer
   * @param meanTurns requests of a conversation, at least 1
   * @param thinkSeconds mean time between an answer and the next request, at least 0
   * @param longest a conversation ends before prompt and answer are longer, in tokens
   * @param requests at most so many requests
   * @param durationSeconds no conversation starts later; may be infinite
   */
  public SessionTraffic(
      Lengths lengths,
      ArrivalProcess process,
      double meanTurns,
      double thinkSeconds,
      int longest,
      long requests,
      double durationSeconds,
      RandomStreams streams) {
    if (!(meanTurns >= 1) || !(thinkSeconds >= 0) || longest < 1) {
      throw new IllegalArgumentException(
          "turns %s, thinking %s s, longest %d".formatted(meanTurns, thinkSeconds, longest));
    }
    this.lengths = lengths;
    this.clock = process.start(streams.stream("arrivals"));
    this.lengthRandom = streams.stream("lengths");
    this.turnRandom = streams.stream("turns");
    this.thinkRandom = streams.stream("thinking");
    this.meanTurns = meanTurns;
    this.thinkSeconds = thinkSeconds;
    this.longest = longest;
    this.left = requests;
    this.durationSeconds = durationSeconds;
  }

  @Override
  public boolean next(Arrival into) {
    if (left <= 0) {
      return false;
    }
    double seconds = clock.nextSeconds();
    if (!(seconds <= durationSeconds) || !(seconds < Nanos.NEVER / (4 * Nanos.PER_SECOND))) {
      return false;
    }
    Conversation conversation = new Conversation();
    conversation.turnsLeft = turns();
    long session = started++;
    live.put(session, conversation);
    lengths.draw(lengthRandom, drawn);
    into.timeNanos = Nanos.of(seconds);
    say(session, conversation, into);
    return true;
  }

  /** Geometric from 1 on. */
  private int turns() {
    if (meanTurns == 1) {
      return 1;
    }
    double stays = Math.log(1 - turnRandom.nextDouble()) / Math.log(1 - 1 / meanTurns);
    return (int) Math.min(MOST_TURNS, 1 + Math.floor(stays));
  }

  /** The next prompt of a conversation, of the lengths drawn. */
  private void say(long session, Conversation conversation, Arrival into) {
    left--;
    conversation.turnsLeft--;
    into.inputTokens = conversation.tokens + drawn.inputTokens;
    into.outputTokens = drawn.outputTokens;
    into.priority = 0;
    into.session = session;
    conversation.tokens = into.inputTokens + into.outputTokens;
    long[] ids = new long[Math.ceilDiv(conversation.tokens, ID_TOKENS)];
    for (int index = 0; index < ids.length; index++) {
      ids[index] = (session << INDEX_BITS) | index;
    }
    into.content = new PromptContent(ids, ID_TOKENS, true);
  }

  @Override
  public boolean reacts() {
    return true;
  }

  @Override
  public long answered(long session, long nowNanos) {
    Conversation conversation = live.get(session);
    if (conversation == null) {
      return Nanos.NEVER;
    }
    if (conversation.turnsLeft <= 0 || left <= 0) {
      live.remove(session);
      return Nanos.NEVER;
    }
    return nowNanos + Nanos.of(thinkSeconds * thinkRandom.nextExponential());
  }

  @Override
  public boolean turn(long session, Arrival into) {
    Conversation conversation = live.get(session);
    if (conversation == null || left <= 0) {
      live.remove(session);
      return false;
    }
    lengths.draw(lengthRandom, drawn);
    long all = (long) conversation.tokens + drawn.inputTokens + drawn.outputTokens;
    if (all > longest) {
      live.remove(session);
      return false;
    }
    say(session, conversation, into);
    return true;
  }

  @Override
  public void refused(long session) {
    live.remove(session);
  }
}
