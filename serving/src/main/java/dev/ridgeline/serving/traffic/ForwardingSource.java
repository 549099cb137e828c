package dev.ridgeline.serving.traffic;

/** Requests of another source, for those who watch or change some of them on their way. */
public abstract class ForwardingSource implements ArrivalSource {
  private final ArrivalSource source;

  /** All requests of the source, unless a method is overridden. */
  protected ForwardingSource(ArrivalSource source) {
    this.source = source;
  }

  @Override
  public boolean next(Arrival into) {
    return source.next(into);
  }

  @Override
  public boolean reacts() {
    return source.reacts();
  }

  @Override
  public boolean cuts() {
    return source.cuts();
  }

  @Override
  public long answered(long session, long nowNanos) {
    return source.answered(session, nowNanos);
  }

  @Override
  public boolean turn(long session, Arrival into) {
    return source.turn(session, into);
  }

  @Override
  public void refused(long session) {
    source.refused(session);
  }

  @Override
  public void close() {
    source.close();
  }
}
