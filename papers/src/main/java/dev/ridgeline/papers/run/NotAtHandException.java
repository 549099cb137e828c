package dev.ridgeline.papers.run;

/** An experiment needs a file that is not there. */
final class NotAtHandException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotAtHandException(String file) {
    super("%s is not at hand: %s names no folder with it".formatted(file, Reference.VARIABLE));
  }
}
