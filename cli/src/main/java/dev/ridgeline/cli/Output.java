package dev.ridgeline.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;

/**
 * Where answers go. A reader that has seen enough ({@code | head}) closes the pipe, which is no
 * error; a full disk is one.
 */
final class Output {
  private static final int BUFFER_BYTES = 1 << 13;

  private final PrintStream stream;
  private final Watched watched;

  /** Remembers what went wrong first, which a print stream does not. */
  private static final class Watched extends FilterOutputStream {
    private Optional<IOException> failure = Optional.empty();

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        failure = failure.or(() -> Optional.of(e));
        throw e;
      }
    }
  }

  Output(OutputStream into, Charset charset) {
    this.watched = new Watched(into);
    this.stream = new PrintStream(new BufferedOutputStream(watched, BUFFER_BYTES), false, charset);
  }

  static Output ofProcess() {
    return new Output(new FileOutputStream(FileDescriptor.out), System.out.charset());
  }

  PrintStream stream() {
    return stream;
  }

  /** Whether something could not be written, other than because nobody reads any more. */
  boolean failed() {
    return stream.checkError() && !isClosedPipe(reason());
  }

  String reason() {
    return watched.failure.map(e -> String.valueOf(e.getMessage())).orElse("");
  }

  /** As Linux, macOS and Windows say it. */
  private static boolean isClosedPipe(String reason) {
    String said = reason.toLowerCase(Locale.ROOT);
    return said.contains("pipe");
  }
}
