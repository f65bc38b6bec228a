import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import net.minidev.json.JSONObject;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.runtime.RuntimeConstants;
import org.apache.velocity.runtime.log.NullLogChute;

/**
 * Renders mapping templates with the real Apache Velocity 1.7, with the variables that API Gateway puts around it.
 *
 * One JSON object a line in: {"template": "...", "body": "...", "context": {"requestId": "..."}, "stageVariables": {}, "parameters": {}}.
 * One JSON object a line out: {"output": "..."} or {"error": "..."}.
 */
public class Render {
    /** $input */
    public static class Input {
        private final String body;
        private final JSONObject parameters;

        Input(String body, JSONObject parameters) {
            this.body = body.isEmpty() ? "{}" : body;
            this.parameters = parameters;
        }

        public Object params(String name) {
            return parameters.getOrDefault(name, "");
        }

        public String getBody() {
            return body;
        }

        public String json(String path) {
            Object value = path(path);
            // Without FLAG_PROTECT_4WEB a slash would be escaped.
            return JSONValue.toJSONString(value, new JSONStyle(JSONStyle.FLAG_PROTECT_4WEB));
        }

        public Object path(String path) {
            try {
                return JsonPath.read(body, path);
            } catch (PathNotFoundException missing) {
                return "";
            }
        }
    }

    /** $util */
    public static class Util {
        public String escapeJavaScript(String text) {
            return StringEscapeUtils.escapeJavaScript(text);
        }
    }

    public static void main(String[] arguments) throws Exception {
        VelocityEngine engine = new VelocityEngine();
        engine.setProperty(RuntimeConstants.RUNTIME_LOG_LOGSYSTEM_CLASS, NullLogChute.class.getName());
        engine.init();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JSONObject request = (JSONObject) JSONValue.parseWithException(line);
            JSONObject answer = new JSONObject();
            try {
                VelocityContext variables = new VelocityContext();
                variables.put("input", new Input((String) request.get("body"), (JSONObject) request.get("parameters")));
                variables.put("util", new Util());
                variables.put("context", tree((JSONObject) request.get("context")));
                variables.put("stageVariables", request.get("stageVariables"));
                StringWriter output = new StringWriter();
                engine.evaluate(variables, output, "template", (String) request.get("template"));
                answer.put("output", output.toString());
            } catch (Exception failure) {
                answer.put("error", failure.toString());
            }
            out.println(answer.toJSONString());
            out.flush();
        }
    }

    /** {"identity.sourceIp": "1.2.3.4"} as nested maps, which is how a template walks them. */
    private static Map<String, Object> tree(JSONObject flat) {
        Map<String, Object> root = new TreeMap<>();
        for (Map.Entry<String, Object> entry : flat.entrySet()) {
            Map<String, Object> node = root;
            String[] path = entry.getKey().split("\\.");
            for (int step = 0; step < path.length - 1; step++) {
                @SuppressWarnings("unchecked")
                Map<String, Object> next = (Map<String, Object>) node.computeIfAbsent(path[step], name -> new TreeMap<String, Object>());
                node = next;
            }
            node.put(path[path.length - 1], entry.getValue());
        }
        return root;
    }
}
