// Asks a Hearth for heat as a foreign OPC UA client does, and prints what came of it as one line of JSON.
// node demand_step.cjs URL CERTIFICATE KEY APPLICATION_URI PKI_FOLDER DEMAND_KW WITHIN_S; user and password in the environment.
const {
  AttributeIds, ClientMonitoredItem, DataType, MessageSecurityMode, OPCUAClient, SecurityPolicy, TimestampsToReturn,
  UserTokenType,
} = require("node-opcua-client");
const { OPCUACertificateManager } = require("node-opcua-certificate-manager");

const [url, certificateFile, privateKeyFile, applicationUri, pki, demand, within] = process.argv.slice(2);
const node = (name) => `ns=2;s=${name}`;

async function main() {
  const clientCertificateManager = new OPCUACertificateManager({
    rootFolder: pki, automaticallyAcceptUnknownCertificate: true,
  });
  await clientCertificateManager.initialize();
  const client = OPCUAClient.create({
    applicationUri, certificateFile, privateKeyFile, clientCertificateManager,
    securityMode: MessageSecurityMode.SignAndEncrypt,
    securityPolicy: SecurityPolicy.Basic256Sha256,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 2, initialDelay: 200, maxDelay: 1000 },
  });
  await client.connect(url);
  const session = await client.createSession({
    type: UserTokenType.UserName, userName: process.env.HEARTH_USER, password: process.env.HEARTH_PASSWORD,
  });

  const told = { targets: [], before: {}, after: {} };
  for (const name of ["plant.mode", "plant.heat_target_kw", "plant.heat_delivered_kw"]) {
    told.before[name] = (await session.read({ nodeId: node(name), attributeId: AttributeIds.Value })).value.value;
  }
  const browsed = await session.browse(node("hearth"));
  told.folders = browsed.references.length;

  const subscription = await session.createSubscription2({
    requestedPublishingInterval: 500, requestedLifetimeCount: 60, requestedMaxKeepAliveCount: 10,
    maxNotificationsPerPublish: 100, publishingEnabled: true, priority: 1,
  });
  const reached = new Promise((resolve) => {
    const item = ClientMonitoredItem.create(
      subscription, { nodeId: node("plant.heat_target_kw"), attributeId: AttributeIds.Value },
      { samplingInterval: 500, discardOldest: true, queueSize: 10 }, TimestampsToReturn.Both,
    );
    item.on("changed", (sample) => {
      told.targets.push(sample.value.value);
      if (Math.abs(sample.value.value - Number(demand)) < 0.5) resolve(true);
    });
    setTimeout(() => resolve(false), Number(within) * 1000);
  });
  const written = await session.write({
    nodeId: node("requests.heat_demand_kw"), attributeId: AttributeIds.Value,
    value: { value: { dataType: DataType.Double, value: Number(demand) } },
  });
  told.written = written.name;
  told.reached = await reached;
  const refused = await session.write({
    nodeId: node("requests.heat_demand_kw"), attributeId: AttributeIds.Value,
    value: { value: { dataType: DataType.Double, value: -1 } },
  });
  told.refused = refused.name;
  const called = await session.call({
    objectId: node("requests"), methodId: node("requests.withdraw_heat"),
    inputArguments: [{ dataType: DataType.String, value: "the foreign client is done" }],
  });
  told.withdrawn = called.outputArguments?.[0]?.value === true;
  await subscription.terminate();
  await session.close();
  await client.disconnect();
  console.log(JSON.stringify(told));
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
