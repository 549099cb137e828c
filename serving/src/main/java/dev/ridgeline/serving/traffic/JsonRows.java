package dev.ridgeline.serving.traffic;

import dev.ridgeline.serving.request.PromptContent;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object a line, as Mooncake publishes its traces (Qin et al., FAST 2025): {@code
 * timestamp} in milliseconds, {@code input_length}, {@code output_length} and maybe {@code
 * hash_ids} of blocks of 512 tokens. Other keys are passed over.
 */
final class JsonRows implements TraceRows {
  private static final double MILLISECONDS = 1e3;

  private final TracePlace place;
  private final JsonFactory factory = new JsonFactory();
  private long[] ids = new long[64];
  private int idCount;
  private double seconds;
  private String timeText = "";

  JsonRows(TracePlace place) {
    this.place = place;
  }

  @Override
  public boolean read(String row, Arrival into) {
    into.priority = 0;
    into.session = -1;
    into.content = PromptContent.UNKNOWN;
    idCount = -1;
    boolean time = false;
    boolean input = false;
    boolean output = false;
    try (JsonParser json = factory.createParser(ObjectReadContext.empty(), row)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw place.broken("row", row, "must be a JSON object");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "timestamp" -> {
            timeText = json.getString();
            seconds = place.number(timeText, key) / MILLISECONDS;
            time = true;
          }
          case "input_length" -> {
            into.inputTokens = place.tokens(json.getString(), key, 1);
            input = true;
          }
          case "output_length" -> {
            into.outputTokens = place.tokens(json.getString(), key, 1);
            output = true;
          }
          case "hash_ids" -> readIds(json);
          default -> json.skipChildren();
        }
      }
      if (json.nextToken() != null) {
        throw place.broken("row", row, "has more than one JSON object");
      }
    } catch (JacksonException broken) {
      throw place.broken("row", row, "is no JSON object");
    }
    require(time, "timestamp", row);
    require(input, "input_length", row);
    require(output, "output_length", row);
    if (idCount >= 0) {
      if (idCount != Math.ceilDiv(into.inputTokens, TraceFile.HASH_TOKENS)) {
        throw place.blocks(idCount + " ids", into.inputTokens);
      }
      into.content = new PromptContent(Arrays.copyOf(ids, idCount), TraceFile.HASH_TOKENS);
    }
    return true;
  }

  private void readIds(JsonParser json) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw place.broken("hash_ids", json.getString(), "must be a list of whole numbers");
    }
    idCount = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw place.broken("hash_ids", json.getString(), "must be a list of whole numbers");
      }
      if (idCount == ids.length) {
        ids = Arrays.copyOf(ids, 2 * idCount);
      }
      ids[idCount++] = json.getLongValue();
    }
  }

  private void require(boolean found, String key, String row) {
    if (!found) {
      throw place.broken(key, row, "is missing");
    }
  }

  @Override
  public double seconds() {
    return seconds;
  }

  @Override
  public String timeText() {
    return timeText;
  }
}
